"""OpenAI's language models, through its Responses API."""
