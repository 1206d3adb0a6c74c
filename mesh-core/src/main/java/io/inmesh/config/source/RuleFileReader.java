package io.inmesh.config.source;

import io.inmesh.config.ConfigCheck;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.config.ConfigUpdate;
import io.inmesh.config.source.ClusterObjects.ClusterObject;
import io.inmesh.config.source.FileScanner.Scan;
import io.inmesh.internal.text.DocumentListener;
import io.inmesh.internal.text.YamlDocuments;
import io.inmesh.model.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads rule files once: named ones, and those that {@link FileConfigSource} would watch in named folders. Of two objects
 * of the same kind, namespace and name the one that is read later counts. A file is read once, however often and by whatever
 * links it is named.
 *
 * <p>Not thread-safe.
 */
public final class RuleFileReader {
    /** The reader refuses texts long before; this bounds what is taken into memory to find that out. */
    private static final int MOST_BYTES = 64 * 1024 * 1024;

    private final ConfigReader reader;
    private final RuleTexts rules = new RuleTexts();
    private final Map<String, String> texts = new LinkedHashMap<>();
    private final List<ClusterObject> objects = new ArrayList<>();
    private final Set<Path> seen = new HashSet<>();
    private int files;

    /** Makes a reader that has read nothing yet. */
    public RuleFileReader(ConfigReader reader) {
        this(reader, DocumentListener.NONE);
    }

    /** The same, which tells of every document that it reads. */
    public RuleFileReader(ConfigReader reader, DocumentListener listener) {
        this.reader = reader.telling(listener);
    }

    /** Reads a stream to its end, such as standard input, as if it were a named file. */
    public void readStream(String name, InputStream in) {
        try {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                unreadable(name, "it has more than " + MOST_BYTES + " bytes", "split it");
                return;
            }
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            rules.add(reader.read(name, text.toString()), 0);
            texts.put(name, text.toString());
            files++;
        } catch (CharacterCodingException e) {
            unreadable(name, "it is not UTF-8", "write it in UTF-8");
        } catch (IOException e) {
            unreadable(name, String.valueOf(e.getMessage()), "try again");
        }
    }

    /** Reads a file or folder; what cannot be read becomes a problem. */
    public void read(Path path) {
        if (Files.exists(path) && !Files.isDirectory(path) && !Files.isRegularFile(path)) {
            try (InputStream in = Files.newInputStream(path)) {
                readStream(path.toString(), in);
            } catch (IOException e) {
                unreadable(path.toString(), String.valueOf(e.getMessage()), "name a file");
            }
            return;
        }
        FileScanner scanner = new FileScanner(List.of(path), reader);
        Scan scan = scanner.scan();
        scan = new Scan(
                scan.files().stream().filter(file -> seen.add(file.realPath())).toList(),
                scan.missing(),
                scan.failures());
        for (Path missing : scan.missing()) {
            unreadable(missing.toString(), "it does not exist", "name a YAML file or a folder of them");
        }
        scanner.readInOrder(scan, rules);
        files += scan.files().size();
        scan.files().forEach(file -> keep(file.path()));
    }

    /** What cannot be read or is too large has been told of. */
    private void keep(Path path) {
        try {
            if (Files.size(path) <= YamlDocuments.LONGEST_TEXT) {
                texts.put(path.toString(), Files.readString(path));
            }
        } catch (IOException e) {
            texts.remove(path.toString());
        }
    }

    /** Reads an object of a cluster; what is no rule is only kept. */
    public void read(ClusterObject object) {
        objects.add(object);
        if (object.isRule()) {
            rules.add(reader.readTree(object.source(), object.tree()), 0);
        }
    }

    private void unreadable(String name, String why, String fix) {
        rules.add(ConfigProblem.builder(Severity.ERROR, "cannot be read: " + why)
                .origin(new Origin(name, 0, 0))
                .fix(fix)
                .check(ConfigCheck.UNREADABLE)
                .build());
    }

    /** Number of files read so far. */
    public int files() {
        return files;
    }

    /** The texts read so far, by the name of their file, in the order of reading. */
    public Map<String, String> texts() {
        return Collections.unmodifiableMap(texts);
    }

    /** The objects of a cluster read so far. */
    public List<ClusterObject> objects() {
        return Collections.unmodifiableList(objects);
    }

    /** Everything read so far together. */
    public ConfigUpdate update() {
        return rules.update();
    }
}
