package io.inmesh.kubernetes.internal.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/** Which files are believed: whoever can write one decides where calls go. */
final class FileTrust {
    /** The superuser, who can do that in any case; a number where the system has no names. */
    private static final Set<String> ROOT = Set.of("root", "0");

    private FileTrust() {}

    /**
     * Checks that nobody but us, or root, can write a file. File systems without owners have nothing to check.
     *
     * @throws IOException when somebody else can; says who and what to do
     */
    static void check(Path file) throws IOException {
        if (hasOwners(file)) {
            PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class);
            checkOwner(attributes.owner(), () -> ourselves(file));
            Set<PosixFilePermission> permissions = attributes.permissions();
            if (permissions.contains(PosixFilePermission.GROUP_WRITE)
                    || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
                throw new IOException("others than its owner can write it; take that right away");
            }
        }
    }

    /** Whether files there have owners and rights. */
    static boolean hasOwners(Path place) throws IOException {
        return Files.getFileStore(place).supportsFileAttributeView(PosixFileAttributeView.class);
    }

    /** Who it is that runs this process. */
    interface Ourselves {
        UserPrincipal get() throws IOException;
    }

    static void checkOwner(UserPrincipal owner, Ourselves ourselves) throws IOException {
        if (ROOT.contains(owner.getName())) {
            return;
        }
        UserPrincipal self = ourselves.get();
        if (!owner.equals(self)) {
            throw new IOException("it belongs to user " + owner.getName() + ", and this process runs as user "
                    + self.getName() + "; delete it, or give it to " + self.getName());
        }
    }

    /** Java does not tell; a new file does, also where users are mapped to others. */
    private static UserPrincipal ourselves(Path file) throws IOException {
        Path ours;
        try {
            ours = Files.createTempFile(directory(file), file.getFileName() + ".", ".owner");
        } catch (IOException unwritable) {
            throw new IOException(
                    "whether it is ours cannot be told, since no file can be made beside it (" + unwritable
                            + "); make the directory writable, or give the file to root",
                    unwritable);
        }
        try {
            return Files.getOwner(ours);
        } finally {
            Files.delete(ours);
        }
    }

    /** The directory of a file, which may be named without one. */
    static Path directory(Path file) {
        return file.resolveSibling("").toAbsolutePath();
    }
}
