package io.inmesh.telemetry.metrics;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a sidecar tells the server's of its workload: the header {@code x-envoy-peer-metadata}, a {@code google.protobuf.Struct}
 * in Base64 (Istio: the proxy's peer_metadata filter).
 */
final class PeerMetadata {
    /** Name of the header, in small letters. */
    static final String HEADER = "x-envoy-peer-metadata";

    /** Of a header that is read, and far more than one has. */
    private static final int LONGEST = 4 << 10;

    /** Names of Kubernetes, and values of its labels. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");

    private static final String NAMESPACE = "NAMESPACE";
    private static final String WORKLOAD = "WORKLOAD_NAME";
    private static final String LABELS = "LABELS";
    private static final String APP = "app";
    private static final String VERSION = "version";
    private static final String CANONICAL_NAME = "service.istio.io/canonical-name";
    private static final String CANONICAL_REVISION = "service.istio.io/canonical-revision";

    private static final int DEEPEST = 4;

    private PeerMetadata() {}

    /** A workload that has told of itself. */
    record Peer(Workload workload, String namespace) {
        /** It has told nothing. */
        static final Peer NOT_KNOWN = new Peer(Workload.NOT_KNOWN, Workload.UNKNOWN);
    }

    /** The header's value for a workload. */
    static String of(Peer peer) {
        Map<String, Object> labels = new TreeMap<>();
        put(labels, APP, peer.workload().app());
        put(labels, VERSION, peer.workload().version());
        put(labels, CANONICAL_NAME, peer.workload().canonicalService());
        put(labels, CANONICAL_REVISION, peer.workload().canonicalRevision());
        Map<String, Object> fields = new TreeMap<>();
        fields.put(LABELS, labels);
        put(fields, NAMESPACE, peer.namespace());
        put(fields, WORKLOAD, peer.workload().name());
        return Base64.getEncoder().encodeToString(struct(fields));
    }

    private static void put(Map<String, Object> fields, String name, String value) {
        if (!value.equals(Workload.UNKNOWN)) {
            fields.put(name, value);
        }
    }

    /** What a header says; {@link Peer#NOT_KNOWN} for one that cannot be read. */
    static Peer read(String header) {
        if (header.length() > LONGEST) {
            return Peer.NOT_KNOWN;
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(header);
            Map<String, Object> fields = new Reader(bytes, 0, bytes.length).struct(DEEPEST);
            Map<?, ?> labels = fields.get(LABELS) instanceof Map<?, ?> map ? map : Map.of();
            return new Peer(
                    new Workload(
                            name(fields.get(WORKLOAD)),
                            name(labels.get(APP)),
                            name(labels.get(VERSION)),
                            name(labels.get(CANONICAL_NAME)),
                            name(labels.get(CANONICAL_REVISION))),
                    name(fields.get(NAMESPACE)));
        } catch (IllegalArgumentException | IndexOutOfBoundsException broken) {
            return Peer.NOT_KNOWN;
        }
    }

    private static String name(@Nullable Object value) {
        return value instanceof String text && NAME.matcher(text).matches() ? text : Workload.UNKNOWN;
    }

    private static byte[] struct(Map<String, Object> fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        fields.forEach((name, value) -> {
            ByteArrayOutputStream entry = new ByteArrayOutputStream();
            write(entry, 1, name.getBytes(StandardCharsets.UTF_8));
            write(entry, 2, value(value));
            write(out, 1, entry.toByteArray());
        });
        return out.toByteArray();
    }

    private static byte[] value(Object value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> fields = new TreeMap<>();
            map.forEach((name, one) -> fields.put(String.valueOf(name), one));
            write(out, 5, struct(fields));
        } else {
            write(out, 3, String.valueOf(value).getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, int field, byte[] bytes) {
        out.write(field << 3 | 2);
        int length = bytes.length;
        while (length >= 0x80) {
            out.write(length & 0x7f | 0x80);
            length >>>= 7;
        }
        out.write(length);
        out.writeBytes(bytes);
    }

    /** Reads a message of Protocol Buffers; what it does not know it skips. */
    private static final class Reader {
        private final byte[] bytes;
        private final int end;
        private int at;

        Reader(byte[] bytes, int at, int end) {
            this.bytes = bytes;
            this.at = at;
            this.end = end;
        }

        Map<String, Object> struct(int depth) {
            Map<String, Object> fields = new HashMap<>();
            while (at < end) {
                int tag = (int) number();
                if (tag == (1 << 3 | 2)) {
                    part().entry(fields, depth);
                } else {
                    skip(tag & 7);
                }
            }
            return fields;
        }

        private void entry(Map<String, Object> fields, int depth) {
            String name = "";
            Object value = null;
            while (at < end) {
                int tag = (int) number();
                switch (tag) {
                    case 1 << 3 | 2 -> name = part().text();
                    case 2 << 3 | 2 -> value = part().value(depth);
                    default -> skip(tag & 7);
                }
            }
            if (value != null) {
                fields.put(name, value);
            }
        }

        private @Nullable Object value(int depth) {
            Object value = null;
            while (at < end) {
                int tag = (int) number();
                if (tag == (3 << 3 | 2)) {
                    value = part().text();
                } else if (tag == (5 << 3 | 2) && depth > 0) {
                    value = part().struct(depth - 1);
                } else {
                    skip(tag & 7);
                }
            }
            return value;
        }

        private String text() {
            return new String(bytes, at, end - at, StandardCharsets.UTF_8);
        }

        private Reader part() {
            int length = length(number());
            Reader part = new Reader(bytes, at, at + length);
            at += length;
            return part;
        }

        private void skip(int wire) {
            switch (wire) {
                case 0 -> number();
                case 1 -> at += length(Long.BYTES);
                case 2 -> at += length(number());
                case 5 -> at += length(Integer.BYTES);
                default -> throw new IllegalArgumentException("wire type " + wire);
            }
        }

        private int length(long length) {
            if (length < 0 || length > end - at) {
                throw new IllegalArgumentException("cut short");
            }
            return (int) length;
        }

        private long number() {
            long number = 0;
            for (int shift = 0; shift < Long.SIZE; shift += 7) {
                if (at >= end) {
                    throw new IllegalArgumentException("cut short");
                }
                byte next = bytes[at++];
                number |= (long) (next & 0x7f) << shift;
                if (next >= 0) {
                    return number;
                }
            }
            throw new IllegalArgumentException("a number of more than 64 bits");
        }
    }
}
