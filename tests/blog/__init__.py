"""What the real site generators make of built posts."""
