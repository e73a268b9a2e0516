"""`python -m midwatch`."""

from midwatch.faces.cli import main

main.main()
