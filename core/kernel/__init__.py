"""Words that every context shares: ids, credits, money, paging, actors, events."""
