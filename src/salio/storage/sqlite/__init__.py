"""SQLite behind the core's ports: WAL, every commit on the disk, one writer."""
