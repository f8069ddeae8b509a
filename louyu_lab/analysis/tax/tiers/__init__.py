"""What leaders read: who will be 亿元楼, how many, what it takes, whence growth, what to watch."""
