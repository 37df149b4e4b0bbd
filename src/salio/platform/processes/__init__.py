"""One platform as several processes on one PostgreSQL: gateways, cores and deliveries, any number of each."""
