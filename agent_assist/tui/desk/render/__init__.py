"""What the desk's regions show, as cells: no widget and no screen is known here."""
