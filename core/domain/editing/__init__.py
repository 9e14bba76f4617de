"""Instruction, operation catalogue and edit plan: what a customer wants, typed."""
