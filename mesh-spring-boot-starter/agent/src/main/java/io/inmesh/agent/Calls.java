package io.inmesh.agent;

import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Puts calls to {@link StarterHooks} into one method. None of them branches, so that the frames of the method stay. */
abstract class Calls extends MethodVisitor {
    static final String EXCHANGE = "org/springframework/web/reactive/function/client/ExchangeFunction";
    static final String FILTERS = "org/springframework/web/reactive/function/client/ExchangeFilterFunction";

    private static final String CONNECTOR = "org/springframework/http/client/reactive/ClientHttpConnector";
    private static final String EXCHANGES = "org/springframework/web/reactive/function/client/ExchangeFunctions";

    private Runnable called = () -> {};

    private Calls(MethodVisitor writer) {
        super(Opcodes.ASM9, writer);
    }

    /** Run at each call that is put in. */
    final void onCall(Runnable action) {
        called = action;
    }

    /** Calls the starter with what lies on the stack. */
    final void call(String hook, String descriptor) {
        mv.visitMethodInsn(Opcodes.INVOKESTATIC, StarterHooks.OWNER, hook, descriptor, false);
        called.run();
    }

    /** Exchanges the value on top of the stack; beside it the starter is told the object of the method. */
    final void exchange(String hook, String type) {
        mv.visitVarInsn(Opcodes.ALOAD, 0);
        call(hook, StarterHooks.EXCHANGING);
        mv.visitTypeInsn(Opcodes.CHECKCAST, type);
    }

    /** Exchanges what a method without parameters has given. */
    static final class AfterCall extends Calls {
        private final String name;
        private final String type;
        private final String hook;

        AfterCall(MethodVisitor writer, String name, String type, String hook) {
            super(writer);
            this.name = name;
            this.type = type;
            this.hook = hook;
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String method, String descriptor, boolean isInterface) {
            super.visitMethodInsn(opcode, owner, method, descriptor, isInterface);
            if (method.equals(name) && descriptor.equals("()L" + type + ";")) {
                exchange(hook, type);
            }
        }
    }

    /** Exchanges the connector of which an exchange function is made; the strategies lie above it. */
    static final class BeforeExchangeFunction extends Calls {
        BeforeExchangeFunction(MethodVisitor writer) {
            super(writer);
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String method, String descriptor, boolean isInterface) {
            if (owner.equals(EXCHANGES)
                    && method.equals("create")
                    && descriptor.matches("\\(L" + CONNECTOR + ";L[^;]+;\\)L.+;")) {
                mv.visitInsn(Opcodes.SWAP);
                exchange(StarterHooks.CONNECTOR, CONNECTOR);
                mv.visitInsn(Opcodes.SWAP);
            }
            super.visitMethodInsn(opcode, owner, method, descriptor, isInterface);
        }
    }

    /** Exchanges the filters that a constructor is given as its second parameter. */
    static final class OnEntry extends Calls {
        private static final int SECOND = 2;

        OnEntry(MethodVisitor writer) {
            super(writer);
        }

        @Override
        public void visitCode() {
            super.visitCode();
            mv.visitVarInsn(Opcodes.ALOAD, SECOND);
            call(StarterHooks.FILTERS, StarterHooks.EXCHANGING_ALONE);
            mv.visitTypeInsn(Opcodes.CHECKCAST, FILTERS);
            mv.visitVarInsn(Opcodes.ASTORE, SECOND);
        }
    }

    /** Tells of a copy at the end of the constructor that makes it. */
    static final class AtReturn extends Calls {
        AtReturn(MethodVisitor writer) {
            super(writer);
        }

        @Override
        public void visitInsn(int opcode) {
            if (opcode == Opcodes.RETURN) {
                mv.visitVarInsn(Opcodes.ALOAD, 1);
                mv.visitVarInsn(Opcodes.ALOAD, 0);
                call(StarterHooks.COPIED, StarterHooks.TELLING);
            }
            super.visitInsn(opcode);
        }
    }
}
