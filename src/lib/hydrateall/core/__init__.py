"""What every slice stands on: settings, database, errors, time. It knows no feature."""
