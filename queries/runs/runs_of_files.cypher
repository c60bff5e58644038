// Ingest runs of files, newest first: by the files' names, or by how their digests begin.
// $files: the names
// $digests: the first 16 hexadecimal digits of each digest
MATCH (r:IngestRun)
WHERE r.file IN $files OR substring(r.file_digest, 0, 16) IN $digests
RETURN r.id AS id, r.identity AS identity, r.cursor AS cursor, r.fence AS fence,
       r.loader AS loader, r.place AS place, r.wish AS wish, r.rejects_size AS rejects_size,
       r.kind AS kind, r.platform AS platform, r.source AS source, r.file AS file,
       r.file_digest AS file_digest, r.job_version AS job_version, r.state AS state,
       r.rows_in AS rows_in, r.loaded AS loaded, r.unchanged AS unchanged,
       r.rejected AS rejected, r.skipped AS skipped, r.stubs AS stubs,
       r.scope AS scope, r.closed AS closed, r.undone AS undone, r.undone_at AS undone_at,
       r.rejects_file AS rejects_file, r.started_at AS started_at, r.finished_at AS finished_at
ORDER BY r.id DESC
