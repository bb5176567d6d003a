@echo off
rem Uses a release archive for Windows as a user does: installs it in the installed Wireshark, or in the one in FOLDER, with
rem its installer, then uninstalls it. Compares the output of tshark.exe for the sample before, with the plugin, with the
rem plugin switched off, and after.
rem
rem   tests\windows\unpacked.cmd UNPACKED [FOLDER]
rem
rem SPDX-FileCopyrightText: The Ephemeral Ports authors
rem SPDX-License-Identifier: GPL-2.0-or-later
setlocal EnableExtensions DisableDelayedExpansion
set "unpacked=%~f1"
set "wireshark=%ProgramFiles%\Wireshark"
if not "%~2"=="" set "wireshark=%~f2"
set "tshark=%wireshark%\tshark.exe"
set "system=%SystemRoot%\System32"
set "EPHEMERAL_AT_ONCE=yes"
set "before=%TEMP%\ephemeral-before.txt"
set "with=%TEMP%\ephemeral-with.txt"
set "after=%TEMP%\ephemeral-after.txt"
set "failed="

"%tshark%" -N t -r "%unpacked%\sample.pcap" >"%before%" 2>nul
"%system%\findstr.exe" /c:"autonoc(1140)" "%before%" >nul
call :expect 0 "before, the client's port has the wrong name"
set "script=%unpacked%\install.cmd"
call "%%script%%"
call :expect 0 "install.cmd"
"%tshark%" -G plugins 2>nul >"%with%"
"%system%\findstr.exe" /c:"ephemeral.dll" "%with%" >nul
call :expect 0 "tshark.exe lists the plugin"
"%tshark%" -N t -r "%unpacked%\sample.pcap" >"%with%" 2>nul
"%system%\findstr.exe" /c:"autonoc(1140)" "%with%" >nul
call :expect 1 "the wrong name is gone"
"%system%\findstr.exe" /c:"1140" "%with%" >nul
call :expect 0 "and the port is a number"
"%tshark%" -N t --disable-protocol ephemeral -r "%unpacked%\sample.pcap" >"%after%" 2>nul
"%system%\fc.exe" "%before%" "%after%" >nul
call :expect 0 "switched off, all is as before"
call "%%script%%" --uninstall
call :expect 0 "install.cmd --uninstall"
"%tshark%" -N t -r "%unpacked%\sample.pcap" >"%after%" 2>nul
"%system%\fc.exe" "%before%" "%after%" >nul
call :expect 0 "all is as before"
del "%before%" "%with%" "%after%" 2>nul
if defined failed exit /b 1
exit /b 0

rem expect STATUS WHAT: checks the status of the command before.
:expect
if "%errorlevel%"=="%~1" (
    echo ok: %~2
) else (
    echo FAILED: %~2
    set "failed=yes"
)
exit /b
