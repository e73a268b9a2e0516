"""Access: who asks, what they may do, and the record that they did."""
