package io.inmesh.cli.clients;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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
        if (!Files.exists(path)) {
            problem = "no such file or folder";
        } else if (!Files.isReadable(path)) {
            problem = "no permission to read it";
        } else if (Files.isDirectory(path)) {
            readFolder(path);
        } else {
            problem = readArchive(path);
        }
        if (problem != null) {
            problems.add(path + ": " + problem);
        }
    }

    private @Nullable String readArchive(Path path) {
        try (ZipFile zip = new ZipFile(path.toFile())) {
            List<ZipEntry> entries = new ArrayList<>();
            zip.stream().filter(entry -> !entry.isDirectory()).forEach(entries::add);
            entries.sort(Comparator.comparing(ZipEntry::getName));
            String folder = folderOfOwnClasses(entries);
            List<ZipEntry> jars = entries.stream()
                    .filter(entry -> entry.getName().endsWith(".jar"))
                    .toList();
            List<ClassFile> own = new ArrayList<>();
            for (ZipEntry entry : entries) {
                if (entry.getName().startsWith(folder) && isClass(entry.getName())) {
                    byte[] bytes = bytes(zip, entry, path);
                    if (bytes.length > 0) {
                        own.add(new ClassFile(path + "!/" + entry.getName(), bytes));
                    }
                }
            }
            deliver(
                    path,
                    fileName(path.toString()),
                    own,
                    jars.stream().map(ZipEntry::getName).toList());
            if (libraries) {
                for (ZipEntry jar : jars) {
                    library(path + "!/" + jar.getName(), bytes(zip, jar, path));
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

    /** What Java versions replace in a jar has its like among the other classes. */
    private static boolean isClass(String name) {
        return name.endsWith(".class") && !name.contains("META-INF/versions/") && !name.endsWith("module-info.class");
    }

    /** Empty where the entry is broken, which is told. */
    private byte[] bytes(ZipFile zip, ZipEntry entry, Path path) {
        try (var in = zip.getInputStream(entry)) {
            byte[] bytes = in.readAllBytes();
            if (bytes.length == 0) {
                problems.add(path + "!/" + entry.getName() + ": empty; build it again");
            }
            return bytes;
        } catch (IOException e) {
            problems.add(path + "!/" + entry.getName() + ": cannot be read: " + e.getMessage());
            return new byte[0];
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

    private void library(String location, byte[] jar) {
        if (jar.length == 0) {
            return;
        }
        List<ClassFile> classes = new ArrayList<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(jar))) {
            boolean any = false;
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                any = true;
                if (isClass(entry.getName())) {
                    classes.add(new ClassFile(location + "!/" + entry.getName(), in.readAllBytes()));
                }
            }
            if (!any) {
                problems.add(location + ": no jar, or an empty one");
            }
        } catch (IOException | IllegalArgumentException e) {
            problems.add(location + ": cannot be read to its end: " + e.getMessage());
        }
        units.accept(new ClassUnit(fileName(location), true, classes, List.of()));
    }

    private void readFolder(Path folder) {
        List<ClassFile> own = new ArrayList<>();
        List<Path> jars = new ArrayList<>();
        List<Path> files = files(folder);
        for (Path file : files) {
            String name = file.toString().replace('\\', '/');
            if (name.endsWith(".jar")) {
                jars.add(file);
            } else if (isClass(name)) {
                byte[] bytes = bytes(file);
                if (bytes.length > 0) {
                    own.add(new ClassFile(file.toString(), bytes));
                }
            }
        }
        deliver(
                folder,
                folder.toString(),
                own,
                jars.stream().map(Path::toString).toList());
        if (libraries) {
            jars.forEach(jar -> library(jar.toString(), bytes(jar)));
        }
    }

    private byte[] bytes(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            if (bytes.length == 0) {
                problems.add(file + ": empty; build it again");
            }
            return bytes;
        } catch (IOException e) {
            problems.add(file + ": cannot be read: " + e);
            return new byte[0];
        }
    }

    private List<Path> files(Path folder) {
        List<Path> files = new ArrayList<>();
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    files.add(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    problems.add(file + ": cannot be read: " + e);
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
