// What time the server's machine says it is, in milliseconds since 1970.
RETURN datetime.statement().epochMillis AS milliseconds
