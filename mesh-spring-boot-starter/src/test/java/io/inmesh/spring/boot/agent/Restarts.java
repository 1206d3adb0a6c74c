package io.inmesh.spring.boot.agent;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Starts a program anew, each time in a class loader of its own for the program's classes alone, as devtools do. */
public final class Restarts {
    private Restarts() {}

    /** Runs {@link Restarted} twice in one JVM. */
    public static void main(String[] arguments) throws Exception {
        for (String run : new String[] {"first", "second"}) {
            Class<?> program = new OwnClasses().loadClass("io.inmesh.spring.boot.agent.Restarted");
            String[] all = Arrays.copyOf(arguments, arguments.length + 1);
            all[arguments.length] = "--run=" + run;
            program.getMethod("main", String[].class).invoke(null, (Object) all);
        }
    }

    private static final class OwnClasses extends ClassLoader {
        OwnClasses() {
            super(Restarts.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("io.inmesh.spring.boot.agent.Restarted")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? define(name) : loaded;
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] file = in.readAllBytes();
                return defineClass(name, file, 0, file.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
