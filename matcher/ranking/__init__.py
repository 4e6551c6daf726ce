"""谁来: from an understood need to the ranked list of those who could meet it. Pure numpy, no I/O."""
