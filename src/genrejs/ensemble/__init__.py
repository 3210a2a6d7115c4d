"""Many runs and the store that keeps them."""
