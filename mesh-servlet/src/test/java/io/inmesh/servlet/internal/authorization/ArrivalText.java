package io.inmesh.servlet.internal.authorization;

import io.inmesh.call.HeaderField;
import io.inmesh.servlet.internal.arrival.Arrival;
import io.inmesh.servlet.internal.arrival.TestConnection;
import io.inmesh.servlet.internal.arrival.TestHead;
import io.inmesh.servlet.internal.arrival.Token;
import io.inmesh.servlet.policy.PathPolicy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a request from a text of parts {@code name=value}: method, host, path, peer, client, port, tls, sni, id, h:NAME, and
 * of its token iss, sub and claim:NAME. Without any it is GET http://shop.example.com/ from 10.1.2.3 to 10.9.9.9:8080.
 */
final class ArrivalText {
    private ArrivalText() {}

    static Arrival read(String text) {
        Map<String, String> parts = new LinkedHashMap<>();
        List<String> identities = new ArrayList<>();
        List<HeaderField> headers = new ArrayList<>();
        Map<String, Object> claims = new LinkedHashMap<>();
        for (String part : text.isEmpty() ? new String[0] : text.split(" ")) {
            int equals = part.indexOf('=');
            String name = part.substring(0, equals);
            String value = part.substring(equals + 1);
            if (name.startsWith("h:")) {
                headers.add(new HeaderField(name.substring(2), value));
            } else if (name.equals("id")) {
                identities.add(value);
            } else if (name.equals("iss") || name.equals("sub")) {
                claims.put(name, value);
            } else if (name.startsWith("claim:")) {
                claims.put(name.substring("claim:".length()), claim(value));
            } else {
                parts.put(name, value);
            }
        }
        String peer = parts.getOrDefault("peer", "10.1.2.3");
        TestHead head = new TestHead(
                parts.getOrDefault("method", "GET"),
                parts.getOrDefault("host", "shop.example.com"),
                parts.getOrDefault("path", "/"),
                parts.getOrDefault("client", peer),
                headers);
        TestConnection connection = new TestConnection(
                peer,
                "10.9.9.9",
                Integer.parseInt(parts.getOrDefault("port", "8080")),
                Boolean.parseBoolean(parts.get("tls")),
                identities,
                parts.get("sni"));
        Token token = claims.isEmpty()
                ? null
                : new Token((String) claims.getOrDefault("iss", "issuer"), (String) claims.get("sub"), claims);
        return new Arrival(head, PathPolicy.STRICT.judged(head.pathAndQuery()), connection, token);
    }

    private static Object claim(String value) {
        if (value.startsWith("[")) {
            return List.of(value.substring(1, value.length() - 1).split(","));
        }
        if (value.startsWith("{")) {
            String[] entry = value.substring(1, value.length() - 1).split(":", 2);
            return Map.of(entry[0], claim(entry[1]));
        }
        return value.matches("[0-9]+") ? (Object) Long.valueOf(value) : value;
    }
}
