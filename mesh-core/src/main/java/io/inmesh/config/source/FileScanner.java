package io.inmesh.config.source;

import io.inmesh.config.ConfigCheck;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.internal.text.YamlDocuments;
import io.inmesh.model.Origin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds and reads rule files: named ones, and those in named folders and the folders in them. */
final class FileScanner {
    /** Most files and bytes of one source; a directory beyond that is some other directory. */
    static final int MOST_FILES = 10_000;

    static final long MOST_BYTES = 64L * 1024 * 1024;

    private final List<Path> roots;
    private final ConfigReader reader;

    FileScanner(List<Path> roots, ConfigReader reader) {
        this.roots = List.copyOf(roots);
        this.reader = reader;
    }

    /**
     * What polling sees of the files; two equal scans mean that nothing was touched in between.
     *
     * @param files in the order of reading: as named, those of a folder by their paths
     * @param missing roots that are not there
     * @param failures what could not be looked at
     */
    record Scan(List<Stamp> files, List<Path> missing, List<Failure> failures) {
        Scan {
            files = List.copyOf(files);
            missing = List.copyOf(missing);
            failures = List.copyOf(failures);
        }

        Map<String, Stamp> byName() {
            Map<String, Stamp> stamps = new HashMap<>();
            files.forEach(file -> stamps.put(file.path().toString(), file));
            return stamps;
        }
    }

    /** A path that could not be looked at. */
    record Failure(Path path, String why) {
        /** A link that leads nowhere is there and is not. */
        String fix() {
            return Files.isSymbolicLink(path) && Files.notExists(path)
                    ? "remove the link or restore what it leads to"
                    : "make it readable";
        }
    }

    /**
     * Metadata of a file. The real path changes when a ConfigMap's {@code ..data} link is swapped, the key when a file is
     * renamed over another, the time of change even when the time of modification is set back.
     *
     * @param found whether the file stands in a named folder and is not named itself
     */
    record Stamp(
            Path path,
            Path realPath,
            long size,
            FileTime modified,
            @Nullable Object key,
            FileTime changed,
            boolean found) {
        /** Whether this is the file that was at its path before, and not another one that was put there. */
        boolean isSameFile(Stamp before) {
            return realPath.equals(before.realPath) && Objects.equals(key, before.key);
        }

        /** When the file came to be what it is here; moving and copying count, unlike for the time of modification. */
        long age() {
            return changed.to(TimeUnit.NANOSECONDS);
        }
    }

    /** Looks at the metadata of everything. */
    Scan scan() {
        Walk walk = new Walk();
        List<Path> missing = new ArrayList<>();
        for (Path root : roots) {
            if (Files.isDirectory(root)) {
                walk.folder(root);
            } else if (Files.notExists(root)) {
                missing.add(root);
            } else {
                walk.file(root, false);
            }
        }
        return new Scan(walk.files, missing, walk.failures);
    }

    /** Reads what a scan has found; the file that changed last counts as the newest. */
    void read(Scan scan, RuleTexts rules) {
        read(scan, rules, true);
    }

    /** Reads what a scan has found; the file that is read last counts as the newest. */
    void readInOrder(Scan scan, RuleTexts rules) {
        read(scan, rules, false);
    }

    private void read(Scan scan, RuleTexts rules, boolean byAge) {
        for (Failure failure : scan.failures()) {
            problem(rules, failure.path().toString(), "this cannot be read: " + failure.why(), failure.fix());
        }
        if (scan.files().size() > MOST_FILES) {
            problem(
                    rules,
                    String.valueOf(roots.get(0)),
                    "there are more than " + MOST_FILES + " rule files",
                    "name the right directory");
            return;
        }
        long bytes = 0;
        for (Stamp file : scan.files()) {
            bytes += file.size();
            String name = file.path().toString();
            if (file.size() > YamlDocuments.LONGEST_TEXT || bytes > MOST_BYTES) {
                problem(
                        rules,
                        name,
                        "the file has " + file.size() + " bytes; " + YamlDocuments.LONGEST_TEXT
                                + " are read of one file and " + MOST_BYTES + " of all together",
                        "split or remove it");
                if (bytes > MOST_BYTES) {
                    return;
                }
                continue;
            }
            try {
                String text = text(file.path());
                ConfigReader.Result result =
                        file.found() ? FoundFiles.read(reader, name, text) : reader.read(name, text);
                rules.add(name, text, result, byAge ? file.age() : 0);
            } catch (CharacterCodingException e) {
                problem(rules, name, "the file is not UTF-8", "save it as UTF-8");
            } catch (IOException e) {
                problem(rules, name, "this cannot be read: " + why(e), "make it readable");
            }
        }
    }

    /** State of one scan. */
    private static final class Walk {
        final List<Stamp> files = new ArrayList<>();
        final List<Failure> failures = new ArrayList<>();

        /** Folders seen, by their real paths: a link may lead back, or to a folder that is read anyway. */
        private final Set<Path> seen = new HashSet<>();

        void folder(Path folder) {
            if (files.size() > MOST_FILES) {
                return;
            }
            List<Path> children;
            try (Stream<Path> list = Files.list(folder)) {
                if (!seen.add(folder.toRealPath())) {
                    return;
                }
                children = list.filter(Walk::mayMatter)
                        .limit(2L * MOST_FILES)
                        .sorted()
                        .toList();
            } catch (IOException | UncheckedIOException e) {
                failures.add(new Failure(folder, why(e)));
                return;
            }
            if (seen.size() > MOST_FILES) {
                failures.add(new Failure(folder, "there are more than " + MOST_FILES + " folders"));
                return;
            }
            for (Path child : children) {
                String name = String.valueOf(child.getFileName());
                if (!Files.isDirectory(child)) {
                    if (FoundFiles.isRuleFile(name)) {
                        file(child, true);
                    }
                } else if (FoundFiles.isFolder(name)) {
                    folder(child);
                }
            }
        }

        /** Spares the question what the many other files are. */
        private static boolean mayMatter(Path child) {
            String name = String.valueOf(child.getFileName());
            return FoundFiles.isRuleFile(name) || (FoundFiles.isFolder(name) && Files.isDirectory(child));
        }

        void file(Path path, boolean found) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
                if (attributes.isRegularFile()) {
                    files.add(new Stamp(
                            path,
                            path.toRealPath(),
                            attributes.size(),
                            attributes.lastModifiedTime(),
                            attributes.fileKey(),
                            changed(path, attributes),
                            found));
                }
            } catch (IOException e) {
                failures.add(new Failure(path, why(e)));
            }
        }
    }

    /** Unix keeps a time of change that no program can set back; elsewhere a copy has at least a new time of creation. */
    private static FileTime changed(Path path, BasicFileAttributes attributes) throws IOException {
        if (path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return (FileTime) Files.getAttribute(path, "unix:ctime");
        }
        FileTime modified = attributes.lastModifiedTime();
        FileTime created = attributes.creationTime();
        return modified.compareTo(created) > 0 ? modified : created;
    }

    private static String text(Path path) throws IOException {
        byte[] bytes = Files.readAllBytes(path);
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    private void problem(RuleTexts rules, String source, String message, String fix) {
        ConfigProblem problem = ConfigProblem.builder(Severity.ERROR, message)
                .origin(new Origin(source, 0, 0))
                .fix(fix)
                .check(ConfigCheck.UNREADABLE)
                .build();
        rules.add(reader.unread(problem), 0);
    }

    private static String why(Exception failure) {
        Throwable cause = failure.getCause() instanceof IOException io ? io : failure;
        if (cause instanceof NoSuchFileException) {
            return "it does not exist";
        }
        if (cause instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (cause instanceof FileSystemException system && system.getReason() != null) {
            return Objects.requireNonNull(system.getReason());
        }
        return String.valueOf(cause.getMessage());
    }
}
