"""The restructuring planner: scenario files in, ranked plans, pictures and tables out."""
