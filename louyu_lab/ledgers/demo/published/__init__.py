"""The demonstration district: built so that its tables equal the figures one district published."""
