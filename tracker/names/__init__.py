"""Names of States: how they are shown, and what is understood when somebody writes one."""
