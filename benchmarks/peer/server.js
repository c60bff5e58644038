// @neo4j/graphql over the same database, one process a core; says when all listen.
import cluster from "node:cluster";
import { createServer } from "node:http";
import { availableParallelism } from "node:os";
import { Neo4jGraphQL } from "@neo4j/graphql";
import { createYoga } from "graphql-yoga";
import neo4j from "neo4j-driver";

const typeDefs = `
  type Seller @node {
    id: ID!
    handle: String
    devices: [Device!]! @relationship(type: "USES_DEVICE", direction: OUT)
  }
  type Device @node {
    id: ID!
    masked: String
    sellers: [Seller!]! @relationship(type: "USES_DEVICE", direction: IN)
  }
`;

async function serve(port) {
  const { PEER_URI, PEER_USER, PEER_PASSWORD } = process.env;
  const driver = neo4j.driver(PEER_URI, neo4j.auth.basic(PEER_USER, PEER_PASSWORD));
  const schema = await new Neo4jGraphQL({ typeDefs, driver }).getSchema();
  const yoga = createYoga({ schema, logging: false, graphiql: false });
  const server = createServer(yoga);
  server.listen(port, "127.0.0.1", () => process.send("ready"));
}

if (cluster.isPrimary) {
  let awaited = availableParallelism();
  cluster.on("message", () => {
    awaited -= 1;
    if (awaited === 0) console.log("ready");
  });
  cluster.on("exit", () => process.exit(1));
  process.on("SIGTERM", () => process.exit(0));
  for (let forked = awaited; forked > 0; forked -= 1) cluster.fork();
} else {
  serve(Number(process.env.PEER_PORT));
}
