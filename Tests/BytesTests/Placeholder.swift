// Placeholder: replaced by the room's tests.
