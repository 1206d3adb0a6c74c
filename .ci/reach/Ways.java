package reach;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Tries the ways in which an application calls a service, and prints a line for each: WAY group right|wrong name [cause]. */
final class Ways {
    interface Call {
        String get(String path) throws Exception;
    }

    private Ways() {}

    /** A call of orders: right when the plain path and the path that only a rewrite rule can answer both come back right. */
    static void mesh(String group, String name, Call call) {
        check(group, name, () -> {
            starts("plain", call.get("/plain"));
            return starts("rewritten", call.get("/old/thing"));
        });
    }

    /** A call of the service that the mesh does not know. */
    static void own(String group, String name, Call call) {
        check(group, name, () -> starts("legacy", call.get("/plain")));
    }

    static void check(String group, String name, Callable<?> check) {
        CompletableFuture<Object> done = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                done.complete(check.call());
            } catch (Throwable wrong) {
                done.completeExceptionally(wrong);
            }
        });
        thread.setDaemon(true);
        thread.start();
        try {
            done.get(30, TimeUnit.SECONDS);
            print(group, "right", name, "");
        } catch (Exception wrong) {
            if (wrong.getCause() != null && !first(wrong).contains(": wanted ")) {
                wrong.getCause().printStackTrace(System.out);
            }
            print(group, "wrong", name, first(wrong));
        }
    }

    static String starts(String word, String answer) {
        return holds(answer != null && answer.startsWith(word + " "), word, answer);
    }

    static String contains(String part, String answer) {
        return holds(answer != null && answer.contains(part), "..." + part + "...", answer);
    }

    static String holds(boolean holds, String wanted, String answer) {
        if (!holds) {
            throw new IllegalStateException("wanted " + wanted + ", got " + answer);
        }
        return answer;
    }

    /** The body of a GET of a local port, past every Spring client; the status where it is not 200. */
    static String get(int port, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(20))
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        return answer.statusCode() == 200 ? answer.body() : answer.statusCode() + " " + answer.body();
    }

    private static void print(String group, String verdict, String name, String cause) {
        System.out.println("\nWAY\t" + group + "\t" + verdict + "\t" + name + "\t" + cause);
    }

    /** The innermost cause and where it was thrown. */
    private static String first(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        StackTraceElement[] trace = cause.getStackTrace();
        String message = String.valueOf(cause.getMessage()).replaceAll("\\s+", " ");
        return cause.getClass().getName() + ": " + message + (trace.length == 0 ? "" : " at " + trace[0]);
    }
}
