"""Runs the command line with ``python -m i2i``."""

if __name__ == "__main__":
    from adapters.cli.main import main

    main()
