"""The GraphQL API over HTTP: what may be asked, how it is answered; never a query text."""
