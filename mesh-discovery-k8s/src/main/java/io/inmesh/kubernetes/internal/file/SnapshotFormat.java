package io.inmesh.kubernetes.internal.file;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Three lines: a JSON object with version and cluster, a JSON object with the sections, and the SHA-256 of both in
 * hexadecimal digits. Written to a file beside it and moved into place, readable by its owner alone.
 */
final class SnapshotFormat {
    private static final String VERSION = "inmesh-kubernetes/1";
    private static final int MOST_BYTES = 256 << 20;
    private static final int DIGEST_LINE = 65;
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rw-------");
    private static final Gson GSON = new Gson();

    private final Path file;
    private final Callable<String> cluster;
    private @Nullable String known;

    /** A section as it was read. */
    record Section(Instant confirmedAt, JsonElement content) {}

    /** A section to be written. */
    record Part(String name, Instant confirmedAt, Body body) {
        static Part of(String name, Section section) {
            return new Part(name, section.confirmedAt(), json -> GSON.toJson(section.content(), json));
        }
    }

    interface Body {
        void write(JsonWriter json) throws IOException;
    }

    SnapshotFormat(Path file, Callable<String> cluster) {
        this.file = file;
        this.cluster = cluster;
    }

    /**
     * Sections by name; empty when there is no file.
     *
     * @throws IOException when the file cannot be used; says why
     */
    Map<String, Section> read() throws IOException {
        if (!Files.exists(file)) {
            return Map.of();
        }
        FileTrust.check(file);
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException("it is larger than " + MOST_BYTES + " bytes");
        }
        byte[] bytes = Files.readAllBytes(file);
        int end = bytes.length - DIGEST_LINE;
        if (end < 0 || !text(bytes, end, bytes.length).equals(digest(bytes, end) + "\n")) {
            throw new IOException("it is not whole: its checksum does not fit");
        }
        try {
            return parse(text(bytes, 0, end).split("\n", -1));
        } catch (JsonParseException | IllegalStateException | DateTimeParseException | NullPointerException strange) {
            throw new IOException("it is not what InMesh writes: " + strange, strange);
        }
    }

    private Map<String, Section> parse(String[] lines) throws IOException {
        JsonObject head = JsonParser.parseString(lines[0]).getAsJsonObject();
        if (!VERSION.equals(head.get("version").getAsString())) {
            throw new IOException("it is of version " + head.get("version") + ", not \"" + VERSION + "\"");
        }
        String written = head.get("cluster").getAsString();
        String talkedTo = cluster();
        if (!written.equals(talkedTo)) {
            throw new IOException("it is of the cluster at " + written + ", not of " + talkedTo);
        }
        Map<String, Section> sections = new HashMap<>();
        JsonParser.parseString(lines[1]).getAsJsonObject().asMap().forEach((name, value) -> {
            JsonObject section = value.getAsJsonObject();
            Instant confirmedAt = Instant.parse(section.get("confirmedAt").getAsString());
            sections.put(name, new Section(confirmedAt, section.get("content")));
        });
        return sections;
    }

    /** Asked once: finding out may run a credential plugin. */
    private String cluster() throws IOException {
        String found = known;
        if (found == null) {
            try {
                found = cluster.call();
            } catch (Exception unknown) {
                throw new IOException(
                        "which cluster is talked to is not known (" + unknown.getMessage() + ")", unknown);
            }
            known = found;
        }
        return found;
    }

    void write(List<Part> parts) throws IOException {
        Path directory = FileTrust.directory(file);
        Path beside = Files.createTempFile(directory, file.getFileName() + ".", ".new", ownerAlone(directory));
        try {
            try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
                write(new BufferedOutputStream(Channels.newOutputStream(channel)), parts);
                if (channel.size() > MOST_BYTES) {
                    throw new IOException("it would be larger than " + MOST_BYTES + " bytes");
                }
                channel.force(true);
            }
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    private void write(OutputStream out, List<Part> parts) throws IOException {
        DigestOutputStream digested = new DigestOutputStream(out, sha256());
        OutputStreamWriter text = new OutputStreamWriter(digested, StandardCharsets.UTF_8);
        JsonObject head = new JsonObject();
        head.addProperty("version", VERSION);
        head.addProperty("cluster", cluster());
        text.write(head + "\n");
        JsonWriter json = new JsonWriter(text);
        json.beginObject();
        for (Part part : parts) {
            json.name(part.name()).beginObject();
            json.name("confirmedAt").value(part.confirmedAt().toString());
            json.name("content");
            part.body().write(json);
            json.endObject();
        }
        json.endObject().flush();
        text.write("\n");
        text.flush();
        out.write((hex(digested.getMessageDigest()) + "\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private static FileAttribute<?>[] ownerAlone(Path directory) throws IOException {
        return FileTrust.hasOwners(directory)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER)}
                : new FileAttribute<?>[0];
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(Arrays.copyOfRange(bytes, from, to), StandardCharsets.UTF_8);
    }

    private static String digest(byte[] bytes, int end) {
        MessageDigest digest = sha256();
        digest.update(bytes, 0, end);
        return hex(digest);
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
