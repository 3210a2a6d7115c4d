"""What stands where and who lives there."""
