"""A simulated city: how policies of dispatch compare when people accept, tire and drop out by a behaviour that none of them sees."""
