"""What policies and refits did to vacancy: staggered difference-in-differences with its checks."""
