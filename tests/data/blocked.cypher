SHOW TRANSACTIONS YIELD transactionId AS id, status WHERE status STARTS WITH 'Blocked' RETURN id
