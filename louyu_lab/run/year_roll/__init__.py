"""The year roll: next year's folder made from this year's, its forms empty."""
