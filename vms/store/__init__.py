"""The only place with SQL: schema, migrations, one transaction per request or task."""
