"""Set-up hands the user's pip configuration on to uv, which does not read it."""

from scripts.set_up import uv_environment

MIRROR = "https://packages.example/simple"


def test_without_a_configuration_uv_keeps_its_own_defaults() -> None:
    assert uv_environment("", {"PATH": "/bin"}) == {"PATH": "/bin", "UV_INDEX_STRATEGY": "unsafe-best-match"}


def test_a_mirror_extra_indexes_wheels_and_a_certificate_are_handed_on() -> None:
    listing = (
        f"global.index-url='{MIRROR}'\n"
        "global.extra-index-url='\\nhttps://a.example/simple\\nhttps://b.example/simple'\n"
        ":env:.find-links='/srv/wheels /srv/more'\n"
        "install.cert='/etc/company.pem'\n"
        "global.timeout='60'\n"
    )
    environment = uv_environment(listing, {})
    assert environment == {
        "UV_DEFAULT_INDEX": MIRROR,
        "UV_INDEX": "https://a.example/simple https://b.example/simple",
        "UV_FIND_LINKS": "/srv/wheels,/srv/more",
        "SSL_CERT_FILE": "/etc/company.pem",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }


def test_what_the_user_set_for_uv_wins() -> None:
    environment = uv_environment(f"global.index-url='{MIRROR}'", {"UV_DEFAULT_INDEX": "https://uv.example/simple"})
    assert environment["UV_DEFAULT_INDEX"] == "https://uv.example/simple"


def test_a_variable_of_pip_wins_over_its_file() -> None:
    listing = (
        f":env:.index-url='{MIRROR}'\nglobal.index-url='https://a.example'\ndownload.index-url='https://b.example'\n"
    )
    assert uv_environment(listing, {})["UV_DEFAULT_INDEX"] == MIRROR
