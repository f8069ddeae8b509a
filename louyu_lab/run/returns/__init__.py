"""What goes out to the streets and comes back: 核实单, their replies, and the questions left to decide."""
