"""What holds a publish back although nothing is wrong with it: mode, copied database, freeze, quarantine, a fire or a run."""
