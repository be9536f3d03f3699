"""The same definitions written out as NumPy: what training runs. `program`, `compiled`, sparse gradients."""
