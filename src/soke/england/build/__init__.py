"""From official tables to compiled tables: used by `soke data build` alone."""
