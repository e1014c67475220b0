"""What must hold in a whole design: names, targets, cycles and clashes. Each check yields the faults it finds."""
