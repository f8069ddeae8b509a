"""What people decided: 更正.xlsx, applied to cells as they are read, and 复核.xlsx, which settles doubts."""
