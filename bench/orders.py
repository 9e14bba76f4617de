"""Times the list of orders of one customer with 1,000 orders and of another with 100,000, on both databases.

Usage: python -m bench.orders [orders] [rounds]; PostgreSQL is taken from I2I_BENCH_POSTGRES (an empty database that may
be written to) and left out without it. Requests alternate between the two customers, in one process; printed is the
fastest of each and their ratio. With SQLite all work is done in this process, so its processor time is taken, which
other programs disturb little; with PostgreSQL it is the time on the clock, so the machine must have nothing else to do.
The exit status is 1 when a ratio is over the budget.
"""

import datetime as dt
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask.testing import FlaskClient

from adapters.bootstrap import Application
from adapters.settings import load_settings
from adapters.storage.sql import migrations
from adapters.system.logging import set_up_logging
from adapters.web.app import create_app
from adapters.web.limits import Rates
from core.domain.orders import Order, OrderStatus
from core.kernel.actor import Actor, Channel, Scope
from core.ports.repositories.orders import OrderSort
from core.usecases.accounts.api_keys import CreateApiKey
from core.usecases.accounts.users import CreateUser, EnsureOperator

FEW, MANY, ROUNDS, BUDGET = 1_000, 100_000, 40, 1.5
BATCH = 5_000
Clock = Callable[[], float]
BOUNDLESS = Rates(reads=10**9, writes=10**9, uploads=10**9, failed_keys=10**9, open_pages=10**9)
WORDS = ("Spring", "Summer", "Outlet", "Shoes", "Bags", "Bottles", "Lookbook", "Studio", "Returns", "Catalogue")
SORTS = {f"list sorted by {sort.value}": f"/api/orders?limit=25&sort={sort.value}" for sort in OrderSort}
REQUESTS = {
    "list": "/api/orders?limit=25",
    **SORTS,
    "list, one state": "/api/orders?limit=25&status=failed",
    "list, one state by size": "/api/orders?limit=25&status=completed&sort=-size",
    "list, one month": "/api/orders?limit=25&since=2026-01-01&until=2026-02-01",
    "list, one month by name": "/api/orders?limit=25&since=2026-01-01&until=2026-02-01&sort=name",
    "search, much found": "/api/orders?limit=25&q=shoes",
    "search, nothing found": "/api/orders?limit=25&q=zzz",
    "statistics": "/api/orders/stats",
    "page": "/orders",
    "page, rows alone": "/orders?sort=name",
}


def fill(app: Application, owner_id: str, count: int) -> None:
    """Store so many orders of a customer, spread over two years and all states."""
    lot = random.Random(count)
    states = [*[OrderStatus.COMPLETED] * 12, *OrderStatus]
    now = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    for start in range(0, count, BATCH):
        with app.new_work() as work:
            for n in range(start, min(start + BATCH, count)):
                at = now - dt.timedelta(minutes=lot.randrange(2 * 365 * 24 * 60))
                work.orders.add(
                    Order(
                        id=app.ids.new(), owner_id=owner_id, name=f"{lot.choice(WORDS)} {lot.choice(WORDS)} {n}",
                        created_at=at, updated_at=at, status=lot.choice(states), image_count=lot.randint(1, 100),
                        total_bytes=lot.randint(10**5, 5 * 10**9), instruction="White background, 2000 x 2000 JPEG",
                    )
                )  # fmt: skip
            work.commit()


@contextmanager
def site(url: str, home: str) -> Iterator[tuple[Application, FlaskClient]]:
    """Open an application over a database."""
    settings = load_settings({"I2I_DATABASE_URL": url}, Path(home))
    set_up_logging(level="error")
    migrations.upgrade(settings.database_url)
    with Application(settings) as app:
        yield app, create_app(app, rates=BOUNDLESS).test_client(use_cookies=False)


def customer(app: Application, count: int) -> str:
    """Open an account with so many orders and return a key of it."""
    operator = app.use(EnsureOperator)(label="bench")
    user = app.use(CreateUser)(actor=operator, email=f"bench{app.ids.new()}@example.com", name="Ada")
    fill(app, user.id, count)
    actor = Actor(user_id=user.id, channel=Channel.CLI, label="bench")
    return app.use(CreateApiKey)(actor=actor, name="bench", scopes=frozenset(Scope) - {Scope.ADMIN}).secret


def analyse(app: Application) -> None:
    """Let the database look at what it holds, as PostgreSQL does by itself after a while."""
    from sqlalchemy import text

    with app.database.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()


def measured(client: FlaskClient, keys: dict[int, str], *, rounds: int, clock: Clock) -> dict[str, dict[int, float]]:
    """Return the fastest times in seconds by request and number of orders."""
    times: dict[str, dict[int, list[float]]] = {name: {count: [] for count in keys} for name in REQUESTS}
    for turn in range(rounds + 3):
        for name, path in REQUESTS.items():
            for count, key in keys.items():
                started = clock()
                ask(client, path, key)
                seconds = clock() - started
                if turn >= 3:  # the first ones fill caches
                    times[name][count].append(seconds)
    return {name: {count: min(t) for count, t in by.items()} for name, by in times.items()}


def ask(client: FlaskClient, path: str, key: str) -> None:
    """Send one request and read the whole answer."""
    headers = {"Authorization": f"Bearer {key}"} | ({"HX-Request": "true"} if path.startswith("/orders?") else {})
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    answer.get_data()


def compare(name: str, url: str, *, many: int, rounds: int) -> float:
    """Measure on one database, print, and return the worst ratio."""
    with tempfile.TemporaryDirectory() as home:
        address = url or f"sqlite:///{home}/bench.db"
        with site(address, home) as (app, client):
            keys = {count: customer(app, count) for count in (FEW, many)}
            analyse(app)
            clock = time.perf_counter if url else time.process_time
            found = measured(client, keys, rounds=rounds, clock=clock)
    print(f"{name:28}{FEW:>10,}{many:>10,}   ratio (milliseconds, fastest of {rounds})")
    for request, by in found.items():
        print(f"  {request:26}{1000 * by[FEW]:10.1f}{1000 * by[many]:10.1f}{by[many] / by[FEW]:8.2f}")
    return max(by[many] / by[FEW] for by in found.values())


def main() -> int:
    """Measure and print."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else MANY
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS
    places = {"SQLite": ""}
    if os.environ.get("I2I_BENCH_POSTGRES"):
        places["PostgreSQL"] = os.environ["I2I_BENCH_POSTGRES"]
    worst = max(compare(name, url, many=many, rounds=rounds) for name, url in places.items())
    print(f"worst ratio: {worst:.2f} (budget {BUDGET:g})")
    return 0 if worst <= BUDGET else 1


if __name__ == "__main__":
    sys.exit(main())
