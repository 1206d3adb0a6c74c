package io.inmesh.cli.clients;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/** Reads the classes of jars, wars, Spring Boot's jars and folders. */
final class ArchiveReader {
    private static final String BOOT = "BOOT-INF/";
    private static final String WEB = "WEB-INF/";

    /** Bytes of a class file, beyond which it is none that a compiler makes. */
    private static final int LARGEST = 64 << 20;

    private final boolean libraries;
    private final Consumer<ClassUnit> units;
    private final List<String> problems;

    /**
     * Makes a reader.
     *
     * @param libraries whether the libraries within archives and folders are read as well
     * @param units gets the application's own classes first, then each library
     * @param problems gets a line for each thing that cannot be read; the rest is read
     */
    ArchiveReader(boolean libraries, Consumer<ClassUnit> units, List<String> problems) {
        this.libraries = libraries;
        this.units = units;
        this.problems = problems;
    }

    void read(Path path) {
        String problem = null;
        if (path.toString().isEmpty()) {
            problem = "the path is empty; name the application's jar or its folder of classes";
        } else if (!Files.exists(path)) {
            problem = "no such file or folder";
        } else if (!Files.isReadable(path)) {
            problem = "no permission to read it";
        } else if (Files.isDirectory(path)) {
            readFolder(path);
        } else {
            problem = readArchive(path);
        }
        if (problem != null) {
            problems.add((path.toString().isEmpty() ? "" : path + ": ") + problem);
        }
    }

    private @Nullable String readArchive(Path path) {
        try (ZipFile zip = new ZipFile(path.toFile())) {
            List<ZipEntry> entries = new ArrayList<>();
            zip.stream().filter(entry -> !entry.isDirectory()).forEach(entries::add);
            entries.sort(Comparator.comparing(ZipEntry::getName));
            String folder = folderOfOwnClasses(entries);
            entries.stream()
                    .filter(entry -> entry.getName().endsWith(".war"))
                    .forEach(war -> problems.add(path + "!/" + war.getName()
                            + ": a war within an archive is not read; take it out and name it"));
            List<ZipEntry> jars = entries.stream()
                    .filter(entry -> entry.getName().endsWith(".jar"))
                    .toList();
            JarClasses own = new JarClasses();
            for (ZipEntry entry : entries) {
                if (own.wants(entry.getName()) && entry.getName().startsWith(folder)) {
                    try (InputStream in = zip.getInputStream(entry)) {
                        add(own, path + "!/" + entry.getName(), entry.getName(), in);
                    } catch (IOException e) {
                        problems.add(path + "!/" + entry.getName() + ": cannot be read: " + e.getMessage());
                    }
                }
            }
            deliver(
                    path,
                    fileName(path.toString()),
                    own.classes(),
                    jars.stream().map(ZipEntry::getName).toList());
            if (libraries) {
                for (ZipEntry jar : jars) {
                    library(path + "!/" + jar.getName(), () -> zip.getInputStream(jar));
                }
            }
            return null;
        } catch (ZipException e) {
            return "neither a jar nor a folder of classes (" + e.getMessage() + ")";
        } catch (IOException | IllegalArgumentException e) {
            return "cannot be read: " + e.getMessage();
        }
    }

    private static String folderOfOwnClasses(List<ZipEntry> entries) {
        for (String folder : List.of(BOOT, WEB)) {
            if (entries.stream()
                    .anyMatch(entry -> entry.getName().startsWith(folder + "classes/")
                            || entry.getName().startsWith(folder + "lib/"))) {
                return folder + "classes/";
            }
        }
        return "";
    }

    /** Adds what a file holds, unless it is broken, which is told. */
    private void add(JarClasses classes, String location, String name, InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(LARGEST + 1);
        if (bytes.length == 0) {
            problems.add(location + ": empty; build it again");
        } else if (bytes.length > LARGEST) {
            problems.add(location + ": larger than any class (" + (LARGEST >> 20) + " MiB); build it again");
        } else {
            classes.add(name, new ClassFile(location, bytes));
        }
    }

    private void deliver(Path path, String archive, List<ClassFile> own, List<String> jars) {
        if (own.isEmpty() && (jars.isEmpty() || !libraries)) {
            problems.add(path + ": no class file in it; "
                    + (jars.isEmpty()
                            ? "name the application's jar or its folder of classes"
                            : "name one of the jars in it, such as " + jars.get(0) + ", or add --libraries"));
        }
        units.accept(new ClassUnit(
                archive, false, own, jars.stream().map(ArchiveReader::fileName).toList()));
    }

    private interface Opened {
        InputStream open() throws IOException;
    }

    private void library(String location, Opened jar) {
        JarClasses classes = new JarClasses();
        try (ZipInputStream in = new ZipInputStream(jar.open())) {
            boolean any = false;
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                any = true;
                if (!entry.isDirectory() && classes.wants(entry.getName())) {
                    add(classes, location + "!/" + entry.getName(), entry.getName(), in);
                }
            }
            if (!any) {
                problems.add(location + ": no jar, or an empty one");
            }
        } catch (IOException | IllegalArgumentException e) {
            problems.add(location + ": cannot be read to its end: " + e.getMessage());
        }
        units.accept(new ClassUnit(fileName(location), true, classes.classes(), List.of()));
    }

    private void readFolder(Path folder) {
        JarClasses own = new JarClasses();
        List<Path> jars = new ArrayList<>();
        for (Path file : files(folder)) {
            String name = folder.relativize(file).toString().replace('\\', '/');
            if (name.endsWith(".jar")) {
                jars.add(file);
            } else if (own.wants(name)) {
                try (InputStream in = Files.newInputStream(file)) {
                    add(own, file.toString(), name, in);
                } catch (IOException e) {
                    problems.add(file + ": cannot be read: " + e);
                }
            }
        }
        deliver(
                folder,
                folder.toString(),
                own.classes(),
                jars.stream().map(Path::toString).toList());
        if (libraries) {
            jars.forEach(jar -> library(jar.toString(), () -> Files.newInputStream(jar)));
        }
    }

    private List<Path> files(Path folder) {
        List<Path> files = new ArrayList<>();
        try {
            Set<FileVisitOption> links = EnumSet.of(FileVisitOption.FOLLOW_LINKS);
            Files.walkFileTree(folder, links, Integer.MAX_VALUE, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    files.add(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    if (!(e instanceof FileSystemLoopException)) {
                        problems.add(file + ": cannot be read: " + e);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            problems.add(folder + ": cannot be read: " + e);
        }
        files.sort(Comparator.naturalOrder());
        return files;
    }

    private static String fileName(String path) {
        String plain = path.replace('\\', '/');
        return plain.substring(plain.lastIndexOf('/') + 1);
    }
}
