"""Output, jobs, people and tax bases: what moves them, place by place."""
