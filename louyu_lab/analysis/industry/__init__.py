"""What the enterprises of a district do: classification, industry mix and concentration."""
