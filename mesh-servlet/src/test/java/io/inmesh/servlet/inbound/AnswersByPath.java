package io.inmesh.servlet.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.SocketTimeoutException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** A test's application, which answers each path in another of the ways that servlets have. */
final class AnswersByPath {
    static final String LONG = "x".repeat(20_000);

    private final Executor workers;
    private final CountDownLatch gone;

    /** @param gone once the client of {@code /abort} is */
    AnswersByPath(Executor workers, CountDownLatch gone) {
        this.workers = workers;
        this.gone = gone;
    }

    void serve(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException {
        Object included = request.getAttribute(RequestDispatcher.INCLUDE_PATH_INFO);
        switch (included == null ? request.getPathInfo() : (String) included) {
            case "/stream" -> response.getOutputStream().print("12345");
            case "/writer" -> {
                response.setContentType("text/plain;charset=utf-8");
                PrintWriter writer = response.getWriter();
                writer.print("1");
                writer.printf("%s", "\u00e4");
                writer.append('\u20ac').write("\ud83d\ude00");
            }
            case "/long" -> response.getOutputStream().print(LONG);
            case "/thrown-away" -> {
                response.getWriter().print("thrown away");
                response.reset();
                response.getOutputStream().print("kept");
            }
            case "/echo" ->
                response.getOutputStream().write(request.getInputStream().readAllBytes());
            case "/unread" -> response.setStatus(202);
            case "/lines" -> response.getWriter().print(request.getReader().readLine());
            case "/forward" -> request.getRequestDispatcher("/app/stream").forward(request, response);
            case "/include" -> {
                response.getOutputStream().print("1");
                request.getRequestDispatcher("/app/stream").include(request, response);
            }
            case "/fail" -> response.sendError(409);
            case "/throw" -> throw new ServletException("thrown by the test's application");
            case "/no-page" -> response.sendError(410);
            case "/page" -> response.getOutputStream().print("page");
            case "/async" -> {
                AsyncContext async = request.startAsync();
                workers.execute(() -> {
                    print(async, "async");
                    async.complete();
                });
            }
            case "/dispatch" -> {
                if (request.getDispatcherType() == DispatcherType.ASYNC) {
                    response.getOutputStream().print("dispatched");
                } else {
                    AsyncContext async = request.startAsync();
                    workers.execute(async::dispatch);
                }
            }
            case "/twice" -> {
                Integer times = (Integer) request.getAttribute("times");
                if (times != null && times == 2) {
                    response.getOutputStream().print("twice");
                } else {
                    request.setAttribute("times", times == null ? 1 : 2);
                    AsyncContext async = request.startAsync(request, response);
                    workers.execute(async::dispatch);
                }
            }
            case "/async-fail" -> {
                AsyncContext async = request.startAsync();
                workers.execute(() -> {
                    try {
                        ((HttpServletResponse) async.getResponse()).sendError(409);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                    async.complete();
                });
            }
            case "/redirect" -> {
                response.getOutputStream().print("thrown away");
                response.sendRedirect("/app/stream");
            }
            case "/server-is-slow" -> {
                if (request.getDispatcherType() == DispatcherType.ASYNC) {
                    response.getOutputStream().print("thrown away");
                    throw new SocketTimeoutException("a server of the test's application is slow");
                }
                AsyncContext async = request.startAsync();
                workers.execute(async::dispatch);
            }
            case "/answered-unread" -> {
                try {
                    response.setStatus(request.getInputStream().readAllBytes().length);
                } catch (IOException malformed) {
                    response.setStatus(422);
                    response.getOutputStream().print("no");
                    response.flushBuffer();
                }
            }
            case "/refused-unread" -> {
                try {
                    response.setStatus(request.getInputStream().readAllBytes().length);
                } catch (IOException malformed) {
                    response.sendError(422);
                }
            }
            case "/failed-unread" -> {
                try {
                    response.setStatus(request.getInputStream().readAllBytes().length);
                } catch (IOException malformed) {
                    throw new IllegalStateException("something else");
                }
            }
            case "/closed" -> {
                request.getInputStream().close();
                try {
                    response.setIntHeader("read", request.getInputStream().read());
                } catch (IOException closed) {
                    response.setHeader("read", closed.getMessage());
                }
                response.getOutputStream().print("answered");
            }
            case "/teapot" -> {
                response.setStatus(418);
                response.getOutputStream().print("teapot");
            }
            case "/timeout" -> request.startAsync().setTimeout(50);
            case "/abort" -> {
                response.flushBuffer();
                await(gone);
                for (int i = 0; i < 10_000; i++) {
                    response.getOutputStream().print(LONG);
                }
            }
            default -> throw new AssertionError(request.getPathInfo());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void print(AsyncContext async, String text) {
        try {
            async.getResponse().getOutputStream().print(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
