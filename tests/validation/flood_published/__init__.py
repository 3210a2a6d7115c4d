"""Published and observed floods as plain functions: ground, forcing, points and what others computed or measured."""
