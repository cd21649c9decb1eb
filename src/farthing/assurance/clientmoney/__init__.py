"""Client money, proven: what each bank must hold for clients beside what that bank itself says it holds, never pooled."""
