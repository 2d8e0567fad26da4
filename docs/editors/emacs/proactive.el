;;; proactive.el --- proactive-lsp in Emacs, by eglot  -*- lexical-binding: t; -*-

;; Emacs 28 with eglot from ELPA (Debian: elpa-eglot), or Emacs 29 and newer.  In the init file:
;;
;;     (load "/path/to/proactive.el")
;;     (add-hook 'prog-mode-hook #'eglot-ensure)

;;; Code:

(require 'eglot)
(require 'grep)

(defgroup proactive nil "Suggestions of proactive-lsp." :group 'eglot)

(defcustom proactive-command '("proactive-lsp" "serve")
  "What starts the server."
  :type '(repeat string))

(defcustom proactive-settings nil
  "The server's settings, as eglot writes JSON: (:reward (:eagerness \"low\"))."
  :type 'sexp)

(defvar proactive-suggestions nil
  "What stands, by server: (SERVER . VECTOR OF SUGGESTIONS).")

(defun proactive-contact (&rest _)
  "How eglot reaches the server."
  `(,@proactive-command :initializationOptions (:proactive t ,@proactive-settings)))

(defun proactive-serve (modes)
  "Have proactive-lsp serve MODES, in the place of any server that did."
  (add-to-list 'eglot-server-programs (cons modes #'proactive-contact)))

(proactive-serve
 '(python-mode python-ts-mode js-mode js-ts-mode typescript-mode typescript-ts-mode tsx-ts-mode
   go-mode go-ts-mode rust-mode rust-ts-mode java-mode java-ts-mode markdown-mode gfm-mode))

(cl-defmethod eglot-handle-notification
  (server (_method (eql proactive/suggestions)) &key suggestions &allow-other-keys)
  "Keep the SUGGESTIONS of SERVER."
  (setf (alist-get server proactive-suggestions) suggestions))

(cl-defmethod eglot-handle-notification
  (_server (_method (eql proactive/status)) &key &allow-other-keys)
  "The mood of the server; `proactive.server.status' tells it as well.")

(cl-defmethod eglot-handle-notification
  (_server (_method (eql proactive/written)) &key text &allow-other-keys)
  "Take TEXT, which a model wrote and which belongs into no file."
  (kill-new text)
  (message "Written, and in the kill ring: yank it"))

(defun proactive-run (command &rest arguments)
  "Run COMMAND of the server with ARGUMENTS; its answer."
  (jsonrpc-request (eglot--current-server-or-lose) :workspace/executeCommand
                   (list :command (concat "proactive.server." command)
                         :arguments (vconcat arguments))))

(defun proactive-at-point ()
  "The id of the suggestion on this line; nil where there is none."
  (cl-loop for hint in (flymake-diagnostics (line-beginning-position) (line-end-position))
           for found = (alist-get 'eglot-lsp-diag (flymake-diagnostic-data hint))
           when (equal (plist-get found :source) "proactive")
           return (or (plist-get (plist-get found :data) :id)
                      (proactive--called (plist-get found :message)))))

(defun proactive--called (title)
  "The id of the suggestion with this TITLE: who multiplexes servers wraps what hints hold."
  (cl-loop for suggestion across (alist-get (eglot-current-server) proactive-suggestions)
           when (equal (plist-get suggestion :title) title)
           return (plist-get suggestion :id)))

(defun proactive-dismiss ()
  "Never offer the suggestion on this line again."
  (interactive)
  (proactive-run "dismiss" (or (proactive-at-point) (user-error "No suggestion on this line"))))

(defun proactive-mute ()
  "Never offer this kind of suggestion in this folder again."
  (interactive)
  (proactive-run "muteKind" (or (proactive-at-point) (user-error "No suggestion on this line"))))

(defun proactive-snooze (minutes)
  "Show nothing for MINUTES, 60 unless a prefix says otherwise; 0 ends it."
  (interactive (list (if current-prefix-arg (prefix-numeric-value current-prefix-arg) 60)))
  (proactive-run "snooze" minutes))

(defun proactive-why (&optional id)
  "Show why the suggestion on this line, or ID, was made; without one, why there is none."
  (interactive)
  (let ((text (proactive-run "explain" (or id (proactive-at-point)))))
    (with-help-window "*proactive*" (princ text))))

;; "Proactive…" among the code actions, for the two ways in which eglot runs commands.
(if (fboundp 'eglot-execute)
    (cl-defmethod eglot-execute :around (_server action)
      "Show what ACTION names, if it is ours."
      (if (equal (plist-get action :command) "proactive.server.explain")
          (proactive-why (elt (plist-get action :arguments) 0))
        (cl-call-next-method)))
  (cl-defmethod eglot-execute-command
    (_server (_command (eql proactive.server.explain)) arguments)
    "Show what ARGUMENTS name."
    (proactive-why (elt arguments 0))))

(defun proactive--path (uri)
  "The file that URI names."
  (funcall (if (fboundp 'eglot-uri-to-path) 'eglot-uri-to-path 'eglot--uri-to-path) uri))

(defun proactive-list ()
  "List the places of all suggestions; \\[next-error] visits them."
  (interactive)
  (let* ((server (eglot--current-server-or-lose))
         (root (project-root (eglot--project server))))
    (with-current-buffer (get-buffer-create "*proactive list*")
      (let ((inhibit-read-only t))
        (erase-buffer)
        (seq-doseq (suggestion (alist-get server proactive-suggestions))
          (cl-flet ((place (uri range)
                      (insert (format "%s:%d: %s\n"
                                      (file-relative-name (proactive--path uri) root)
                                      (1+ (plist-get (plist-get range :start) :line))
                                      (plist-get suggestion :title)))))
            (if (seq-empty-p (plist-get suggestion :places))
                (place (plist-get suggestion :path) (plist-get suggestion :range))
              (seq-doseq (each (plist-get suggestion :places))
                (place (plist-get each :uri) (plist-get each :range)))))))
      (setq default-directory root)
      (grep-mode)
      (display-buffer (current-buffer)))))

(provide 'proactive)
;;; proactive.el ends here
